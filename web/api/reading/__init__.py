"""What programs read where the pages' own queries show too much or too little for them."""
