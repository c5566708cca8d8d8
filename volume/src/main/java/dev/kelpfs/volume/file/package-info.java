/**
 * Files over HTTP: how their URLs read, and what reading, storing and deleting one does. The rules are pure ({@link
 * dev.kelpfs.volume.file.FileUrl}, {@link dev.kelpfs.volume.file.UploadRules}, {@link
 * dev.kelpfs.volume.file.FileHead}); {@link dev.kelpfs.volume.file.FileRoutes} is the door, and behind it stand one
 * class for reads, one for writes and one for deletes. Small reads and writes are done on the event loop itself and
 * must never wait there.
 *
 * <p>Source: volume server, section 3.
 */
@NullMarked
package dev.kelpfs.volume.file;

import org.jspecify.annotations.NullMarked;
