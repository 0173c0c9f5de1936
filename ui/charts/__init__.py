"""Charts: one drawing file each without Qt, a canvas that moves what moves, and the panel they live in."""
