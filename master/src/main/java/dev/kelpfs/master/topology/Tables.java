package dev.kelpfs.master.topology;

import dev.kelpfs.core.VolumeId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What those who must not wait look at. Written under the topology's lock, read by anybody. */
final class Tables {
    final ConcurrentMap<LayoutKey, WritableSet> writable = new ConcurrentHashMap<>();
    /** How many writable volumes somebody last asked for, of layouts that have some. */
    final ConcurrentMap<LayoutKey, Integer> wantedWritable = new ConcurrentHashMap<>();
    final ConcurrentMap<VolumeId, VolumePlaces> places = new ConcurrentHashMap<>();
    /** Of erasure coded volumes: one place for each shard, by shard. */
    final ConcurrentMap<VolumeId, VolumePlaces> ecPlaces = new ConcurrentHashMap<>();
}
