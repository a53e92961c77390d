"""How well requests are understood: cases, conversations about them, and the table of figures."""
