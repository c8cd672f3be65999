"""The process: what is put together, kept running, logged and signed in."""
