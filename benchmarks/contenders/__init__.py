"""What is measured beside this API, each in a plain form that its own documentation gives."""
