"""The ground floor: members, spaces, the forum, and the kernel below them.

Nothing is imported here, so that the kernel (and the renderer's own process) can load without the features.
"""
