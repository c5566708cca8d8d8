/**
 * What {@code master.follower} knows: where all volumes are, told by the master that leads. It takes no part in anything that
 * masters decide. Start at {@link dev.kelpfs.master.mirror.MirroredVolumes}.
 */
@NullMarked
package dev.kelpfs.master.mirror;

import org.jspecify.annotations.NullMarked;
