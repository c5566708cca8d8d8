/**
 * What people, probes and dashboards see of a volume server: the status as JSON and as a page, and whether it is healthy.
 * Start at {@link dev.kelpfs.volume.status.StatusRoutes}. Reads only; source: volume server, section 3.1.
 */
@NullMarked
package dev.kelpfs.volume.status;

import org.jspecify.annotations.NullMarked;
