"""Attribution: who says a sentence, and with what standing."""
