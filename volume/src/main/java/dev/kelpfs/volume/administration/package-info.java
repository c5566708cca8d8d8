/**
 * The gRPC service of a volume server: masters and operators create, mount, mark and delete volumes through it. Start at
 * {@link dev.kelpfs.volume.administration.AdministrationService}; what is not there yet answers UNIMPLEMENTED.
 *
 * <p>Source: volume server, section 4.
 */
@NullMarked
package dev.kelpfs.volume.administration;

import org.jspecify.annotations.NullMarked;
