"""Run the command line with ``python -m paritycheck``."""

from paritycheck.cli import main

if __name__ == "__main__":
    main()
