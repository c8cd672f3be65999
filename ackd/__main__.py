"""`python -m ackd` equals `ackd`."""

from ackd.cli import main

if __name__ == "__main__":
    main()
