"""`python -m sfbench`: the command where its script is not on the path."""

from sfbench.cli import main

if __name__ == "__main__":
    main()
