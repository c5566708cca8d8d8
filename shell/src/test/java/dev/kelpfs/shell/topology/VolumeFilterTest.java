package dev.kelpfs.shell.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.wire.master.DataCenterInfo;
import dev.kelpfs.wire.master.DataNodeInfo;
import dev.kelpfs.wire.master.DiskInfo;
import dev.kelpfs.wire.master.RackInfo;
import dev.kelpfs.wire.master.TopologyInfo;
import dev.kelpfs.wire.master.VolumeEcShardInformationMessage;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import dev.kelpfs.wire.master.VolumeListResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumeFilterTest {
    @ParameterizedTest
    @CsvSource({
        "pics,pics,true", "pics,pic,false", "p*,pics,true", "*s,pics,true", "*,pics,true", "*,'',true", "p?cs,pics,true",
        "p?s,pics,false", "*i*s,pics,true", "**,x,true", "a*b*c,aXbXbXc,true", "a*b*c,aXbXbX,false", "?,'',false"
    })
    void patternsAreWildcards(String pattern, String text, boolean matches) {
        assertThat(VolumeFilter.matches(pattern, text)).isEqualTo(matches);
    }

    private static VolumeListResponse cluster() {
        DiskInfo disk = DiskInfo.newBuilder()
                .addVolumeInfos(VolumeInformationMessage.newBuilder().setId(1).setSize(10).setDiskId(0))
                .addVolumeInfos(VolumeInformationMessage.newBuilder().setId(2).setSize(99).setDiskId(1).setReadOnly(true))
                .addEcShardInfos(VolumeEcShardInformationMessage.newBuilder().setId(5).setCollection("c").setDiskId(1)
                        .setEcIndexBits(0b10_0000_0000_0101).addShardSizes(1 << 20).addShardSizes(1 << 21).addShardSizes(1 << 20))
                .putMaxVolumeCountByDisk(0, 3).putMaxVolumeCountByDisk(1, 4).setMaxVolumeCount(7).setVolumeCount(2).build();
        DataNodeInfo full = DataNodeInfo.newBuilder().setId("b:8080").putDiskInfos("ssd", disk).build();
        DataNodeInfo empty =
                DataNodeInfo.newBuilder().setId("a:8080").putDiskInfos("", DiskInfo.newBuilder().setMaxVolumeCount(8).build()).build();
        return VolumeListResponse.newBuilder().setVolumeSizeLimitMb(1).setTopologyInfo(TopologyInfo.newBuilder().addDataCenterInfos(
                DataCenterInfo.newBuilder().setId("dc").addRackInfos(
                        RackInfo.newBuilder().setId("r").addDataNodeInfos(full).addDataNodeInfos(empty)))).build();
    }

    @Test
    void withoutAFilterServersWithoutVolumesAreShownToo() {
        Topology whole = Topology.of(cluster(), VolumeFilter.OFF);
        assertThat(whole.nodes().map(NodeView::id)).containsExactly("a:8080", "b:8080");
        assertThat(whole.sums()).isEqualTo(new Sums(109 + (4 << 20), 0, 0, 0));
    }

    @Test
    void severalDisksOfOneTypeAreToldApart() {
        NodeView node = Topology.of(cluster(), VolumeFilter.OFF).nodes().toList().getLast();
        assertThat(node.disks()).extracting(disk -> disk.usage() + " id:" + disk.id()).containsExactly(
                "ssd(volume:1/3 active:1 free:2 remote:0) id:0", "ssd(volume:1/4 active:0 free:3 remote:0) id:1");
        assertThat(node.disks().getLast().ecVolumes()).singleElement().hasToString(
                "ec volume id:5 collection:c shards:[0 2 13] sizes:[0:1.00 MiB 2:2.00 MiB 13:1.00 MiB] total:4.00 MiB ");
    }

    @Test
    void aFilterLeavesEmptyLevelsOut() {
        Topology writable = Topology.of(cluster(), new VolumeFilter("", 0, false, true, 50, "", "", ""));
        assertThat(writable.volumes().map(VolumeRow::id)).containsExactly(1L);
        assertThat(writable.ecVolumes()).isEmpty();
        assertThat(writable.nodes().map(NodeView::id)).containsExactly("b:8080");
        Topology coded = Topology.of(cluster(), new VolumeFilter("c", 0, false, false, 50, "", "", ""));
        assertThat(coded.volumes()).isEmpty();
        assertThat(coded.ecVolumes().map(EcRow::id)).containsExactly(5L);
        assertThat(Topology.of(cluster(), new VolumeFilter("", 0, false, false, 50, "x", "", "")).dataCenters()).isEmpty();
        assertThat(Topology.of(cluster(), new VolumeFilter("_default", 0, true, false, 50, "", "", "")).volumes()).hasSize(1);
    }
}
