"""Understanding by a language model: what it is asked, and what its answer is worth.

All of it is pure. A prompt is made (`prompt`), somebody else carries it to a model, and the answer
becomes the same commands that the vocabulary gives (`answer`), or faults that say why not. What
both have read is held against each other (`reconcile`): where they disagree, the person is asked.
"""
