"""Image files: finding and watching them, thumbnails, full pictures, camera facts."""
