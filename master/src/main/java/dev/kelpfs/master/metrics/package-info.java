/** The master's metrics, under the names that dashboards of the reference know. Source: master, section 11. */
@NullMarked
package dev.kelpfs.master.metrics;

import org.jspecify.annotations.NullMarked;
