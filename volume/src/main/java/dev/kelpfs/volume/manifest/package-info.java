/**
 * Chunk manifests: small files that say of which other files a large one consists. {@link
 * dev.kelpfs.volume.manifest.ChunkManifest} is their content, {@link dev.kelpfs.volume.manifest.ManifestPath} keeps them
 * from leading in a circle, {@link dev.kelpfs.volume.manifest.PeerChunks} reads and deletes chunks on other servers. Knows
 * no volumes and no requests of clients.
 *
 * <p>Source: volume server, sections 3.8 and 3.12.
 */
@NullMarked
package dev.kelpfs.volume.manifest;

import org.jspecify.annotations.NullMarked;
