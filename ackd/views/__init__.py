"""The read side, shared by the command line and whatever else shows ackd: values out, no printing."""
