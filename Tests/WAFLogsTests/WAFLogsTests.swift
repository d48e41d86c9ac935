// The first table of cases of this target follows.
