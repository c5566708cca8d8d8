/**
 * Carries what heartbeats show into the replicated registry: only changes, many at a time. Start at
 * {@link dev.kelpfs.master.registry.Registrar}.
 */
@NullMarked
package dev.kelpfs.master.registry;

import org.jspecify.annotations.NullMarked;
