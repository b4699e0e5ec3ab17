"""The screens and files of this slice."""
