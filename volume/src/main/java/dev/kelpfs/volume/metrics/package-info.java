/**
 * What a volume server counts. Names, labels and buckets are those of the reference, so that its dashboards show Kelp
 * too. Start at {@link dev.kelpfs.volume.metrics.VolumeMetrics}; source: volume server, section 6.
 */
@NullMarked
package dev.kelpfs.volume.metrics;

import org.jspecify.annotations.NullMarked;
