"""Open the inputs: files, folders and stdin in, decoded and control-escaped text with its line numbers out."""
