"""Two analyses side by side: layers added, removed and changed, and what became of the totals."""
