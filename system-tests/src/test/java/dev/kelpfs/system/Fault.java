package dev.kelpfs.system;

import java.util.Locale;

/** What can go wrong with a {@link ClusterUnderLoad}. Each begins with a whole cluster and ends when it is whole again. */
enum Fault {
    LEADER_KILLED(cluster -> cluster.processes.leaderKilled()),
    FOLLOWER_KILLED(cluster -> cluster.processes.followerKilled()),
    VOLUME_SERVER_KILLED(cluster -> cluster.processes.volumeServerKilled()),
    LEADER_PAUSED(cluster -> cluster.processes.leaderPaused()),
    ONE_MASTER_RESTARTED_AFTER_THE_OTHER(cluster -> cluster.processes.rollingRestart()),
    ALL_RESTARTED(cluster -> cluster.processes.allRestarted()),
    ALL_KILLED(cluster -> cluster.processes.allKilled()),
    LEADER_ALONE(cluster -> cluster.network.leaderAlone()),
    LEADER_STALLED(cluster -> cluster.network.leaderStalled()),
    LEADER_IS_NOT_HEARD(cluster -> cluster.network.leaderIsNotHeard()),
    LEADER_DOES_NOT_HEAR(cluster -> cluster.network.leaderDoesNotHear()),
    CONNECTIONS_TO_THE_LEADER_REFUSED(cluster -> cluster.network.leaderIsRefused()),
    FOLLOWER_ALONE(cluster -> cluster.network.followerAlone()),
    EVERY_MASTER_ALONE(cluster -> cluster.network.allAlone()),
    DIRECTORY_OF_A_MASTER_LOST(cluster -> cluster.members.directoryLost()),
    ONE_WIPED_WHILE_ANOTHER_IS_DOWN(cluster -> cluster.members.wipedWhileAnotherIsDown()),
    ALL_MASTERS_REPLACED(cluster -> cluster.members.allReplaced());

    private interface Course {
        void run(ClusterUnderLoad cluster) throws Exception;
    }

    private final Course course;

    Fault(Course course) {
        this.course = course;
    }

    void happensTo(ClusterUnderLoad cluster) throws Exception {
        course.run(cluster);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
