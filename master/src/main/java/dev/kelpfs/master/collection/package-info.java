/**
 * Deletes whole collections on all servers that hold volumes of them. Start at
 * {@link dev.kelpfs.master.collection.CollectionRemover}. Source: master, sections 3.6 and 4.
 */
@NullMarked
package dev.kelpfs.master.collection;

import org.jspecify.annotations.NullMarked;
