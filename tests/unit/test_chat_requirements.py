"""The list of ``make chat`` is complete, and its versions are those of the whole environment."""

from importlib.metadata import packages_distributions

from tests.chat_requirements import (
    LEFT_OUT,
    LIST,
    PINS,
    canonical,
    chat_requirements,
    imported_modules,
    pins,
)

# Imported only when another model is named, in the embedder or in the generator, and in what the
# extras are for: other programs that ask.
ON_REQUEST = {
    *("openvino_genai", "sentence_transformers", "torch", "transformers"),
    *("fastapi", "prometheus_client", "mcp", "mcp_types", "llama_index", "psycopg"),
}


def test_the_list_is_up_to_date() -> None:
    assert LIST.read_text("utf-8") == chat_requirements(), "make lock writes it anew"


def test_the_versions_are_the_pinned_ones() -> None:
    assert pins(LIST).items() <= pins(PINS).items()


def test_the_list_holds_whatever_the_program_imports() -> None:
    packages = packages_distributions()
    listed = pins(LIST).keys()

    unlisted = {
        module.partition(".")[0]
        for module in imported_modules()
        if not listed & set(map(canonical, packages.get(module.partition(".")[0], ())))
    }

    assert unlisted <= ON_REQUEST


def test_what_is_left_out_is_not_listed() -> None:
    assert not LEFT_OUT & pins(LIST).keys()
