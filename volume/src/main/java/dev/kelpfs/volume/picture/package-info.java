/**
 * Pictures made smaller, cut, or turned upright. {@link dev.kelpfs.volume.picture.PictureRequest} is what a client asks for,
 * {@link dev.kelpfs.volume.picture.PicturePlan} the pure rule that makes rectangles of it, and
 * {@link dev.kelpfs.volume.picture.PictureWorks} does the work: on a few threads of its own, within a bound on memory that
 * is checked from the head of the file, before a pixel is decoded. Decoding, encoding and filtering are ImageIO's and
 * TwelveMonkeys'. Knows no files and no requests.
 *
 * <p>Source: volume server, sections 3.7 and 3.10.
 */
@NullMarked
package dev.kelpfs.volume.picture;

import org.jspecify.annotations.NullMarked;
