"""The glovebox's own side inside the interpreter."""
