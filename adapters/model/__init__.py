"""The client of a language model behind an OpenAI-compatible interface."""
