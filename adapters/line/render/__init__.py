"""Answers as LINE messages: values in, JSON as LINE describes it out."""
