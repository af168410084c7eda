"""The gates: what must hold before anything is built. They give findings and print nothing."""
