"""What builds the site of `make docs`: reference pages from declarations, notebooks executed. Not in the wheel."""
