"""Run the commands as `python -m dispatch`."""

from dispatch.cli import main

if __name__ == "__main__":
    main(prog_name="dispatch")
