"""What is kept and computed: segments, inbox and outbox, conversations, the audience."""
