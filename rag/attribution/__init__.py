"""Attribution: the speaker and the status of a sentence."""
