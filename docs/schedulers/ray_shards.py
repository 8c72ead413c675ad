"""Makes the shards as tasks of Ray, and merges them on the machine that runs this program.

    python ray_shards.py DOCUMENTS SHARDS INDEX N           # on a running cluster
    python ray_shards.py DOCUMENTS SHARDS INDEX N --local   # on this machine alone

Ray 2.60 listens on every network interface, with --local too: run it behind a firewall. A task that
fails, or whose machine is lost, is tried three times more.
"""

import subprocess
import sys

import ray


@ray.remote(num_cpus=1, max_retries=3, retry_exceptions=True)
def run(*arguments: str) -> None:
    """Run one ``rag index`` on a machine of the cluster."""
    subprocess.run(["rag", "index", *arguments], check=True)


def main() -> None:
    """Make all shards, then merge them."""
    documents, shards, index, n = sys.argv[1:5]
    if "--local" in sys.argv:
        ray.init(include_dashboard=False, num_cpus=2)
    else:
        ray.init(address="auto")
    common = (documents, "--shards", shards, "--index", index)
    ray.get([run.remote(*common, "--shard", f"{shard}/{n}") for shard in range(int(n))])
    subprocess.run(["rag", "index", *common, "--merge", n], check=True)


if __name__ == "__main__":
    main()
