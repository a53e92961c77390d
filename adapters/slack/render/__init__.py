"""Answers and forms as Block Kit, within Slack's limits; nothing here waits or calls anybody."""
