"""The words of deadlines, one file a language."""
