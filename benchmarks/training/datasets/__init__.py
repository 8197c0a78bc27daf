"""Data sets by name, each as tensors on a device: images, tables, text and pictures."""
