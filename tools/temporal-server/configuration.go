package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"time"

	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/metrics"
	"go.temporal.io/server/common/primitives"
)

const clusterName = "active"

func serverConfig(args *arguments) (*config.Config, map[primitives.ServiceName]static.Hosts, error) {
	persistence, err := stores(args)
	if err != nil {
		return nil, nil, err
	}
	conf := &config.Config{Services: map[string]config.Service{}, Persistence: persistence}
	hosts := map[primitives.ServiceName]static.Hosts{}
	freePort := innerPorts(args)
	for _, name := range []primitives.ServiceName{
		primitives.FrontendService, primitives.HistoryService, primitives.MatchingService, primitives.WorkerService,
	} {
		rpc := config.RPC{BindOnIP: args.ip}
		if name == primitives.FrontendService {
			rpc.GRPCPort, rpc.HTTPPort = args.port, args.httpPort
			if rpc.HTTPPort == 0 {
				rpc.HTTPPort = freePort()
			}
		} else {
			rpc.GRPCPort = freePort()
		}
		conf.Services[string(name)] = config.Service{RPC: rpc}
		hosts[name] = static.SingleLocalHost(net.JoinHostPort(args.ip, strconv.Itoa(rpc.GRPCPort)))
	}
	conf.Global.Membership.MaxJoinDuration = 30 * time.Second
	conf.Global.Membership.BroadcastAddress = args.ip
	conf.Global.PProf.Port = args.pprofPort
	if args.metricsPort > 0 {
		conf.Global.Metrics = &metrics.Config{Prometheus: &metrics.PrometheusConfig{
			ListenAddress: net.JoinHostPort(args.ip, strconv.Itoa(args.metricsPort)), HandlerPath: "/metrics",
		}}
	}
	conf.ClusterMetadata = &cluster.Config{
		FailoverVersionIncrement: 10, MasterClusterName: clusterName, CurrentClusterName: clusterName,
		ClusterInformation: map[string]cluster.ClusterInformation{clusterName: {
			Enabled: true, InitialFailoverVersion: 1, RPCAddress: args.frontend(),
			// Constant: a database file must find the same cluster again after a restart.
			ClusterID: "b0d5a5a2-53d5-4ec9-8b3d-7b5e5f1c2a10",
		}},
	}
	conf.DCRedirectionPolicy.Policy = "noop"
	for _, state := range []*string{
		&conf.Archival.History.State, &conf.Archival.Visibility.State,
		&conf.NamespaceDefaults.Archival.History.State, &conf.NamespaceDefaults.Archival.Visibility.State,
	} {
		*state = "disabled"
	}
	conf.PublicClient.HostPort = args.frontend()
	return conf, hosts, nil
}

// Inner ports lie below the usual ephemeral ranges, so that no outgoing connection takes one
// between this test and the server's own bind.
func innerPorts(args *arguments) func() int {
	taken := map[int]bool{args.port: true, args.uiPort: true, args.httpPort: true, args.metricsPort: true, args.pprofPort: true}
	return func() int {
		for {
			port := 20000 + rand.IntN(12000)
			if taken[port] {
				continue
			}
			taken[port] = true
			if listener, err := net.Listen("tcp", net.JoinHostPort(args.ip, strconv.Itoa(port))); err == nil {
				_ = listener.Close()
				return port
			}
		}
	}
}

func dynamicConfig(pairs []string) (dynamicconfig.StaticClient, error) {
	values := dynamicconfig.StaticClient{
		// Lists and counts are limited to 10 a second by default: a test run asks more often.
		dynamicconfig.FrontendMaxNamespaceVisibilityRPSPerInstance.Key(): 100,
		// Each shard reads its queues 20 times a second by default. Production has hundreds of shards, this server has one:
		// all its tasks together would wait 50 ms for one another.
		dynamicconfig.TransferProcessorMaxPollRPS.Key():   1000,
		dynamicconfig.TimerProcessorMaxPollRPS.Key():      1000,
		dynamicconfig.VisibilityProcessorMaxPollRPS.Key(): 1000,
	}
	for _, pair := range pairs {
		key, text, found := strings.Cut(pair, "=")
		if !found {
			return nil, fmt.Errorf("--dynamic-config-value %s: wanted key=JSON", pair)
		}
		value, err := readJSON(text)
		if err != nil {
			return nil, fmt.Errorf("--dynamic-config-value %s: not JSON (a string needs quotes): %w", pair, err)
		}
		values[dynamicconfig.MakeKey(key)] = value
	}
	return values, nil
}

// A whole number as an integer: the server ignores a float where it wants one.
func readJSON(text string) (any, error) {
	var whole int
	if json.Unmarshal([]byte(text), &whole) == nil {
		return whole, nil
	}
	var value any
	err := json.Unmarshal([]byte(text), &value)
	return value, err
}
