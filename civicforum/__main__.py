"""`python -m civicforum` is the command `civicforum`."""

from civicforum.cli import main

main()
