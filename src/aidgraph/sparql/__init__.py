"""SPARQL 1.1 read and written: tokens, a tree, and parameters bound in it."""
