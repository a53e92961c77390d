"""From words to a plan, and the dialog: values in, values out, no input or output at all."""
