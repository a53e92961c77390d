"""The program: command line, composition root, one turn, delivery, worker."""
