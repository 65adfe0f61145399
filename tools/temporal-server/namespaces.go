package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
)

const (
	retention       = 7 * 24 * time.Hour
	registeringTime = 30 * time.Second
)

// registerNamespaces goes through the server's own frontend, so it serves every database: on
// PostgreSQL it makes the namespaces, on an older SQLite file it adds attributes that are new.
func registerNamespaces(args *arguments) error {
	ctx, cancel := context.WithTimeout(context.Background(), registeringTime)
	defer cancel()
	connection, err := grpc.NewClient(args.frontend(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close() }()
	for _, name := range args.namespaces {
		register := func() error {
			return registerNamespace(ctx, workflowservice.NewWorkflowServiceClient(connection), name)
		}
		if err := untilDone(ctx, register); err != nil {
			return fmt.Errorf("cannot register the namespace %s: %w", name, err)
		}
		addMissing := func() error {
			return addSearchAttributes(ctx, operatorservice.NewOperatorServiceClient(connection), name, args.searchAttributes)
		}
		if err := untilDone(ctx, addMissing); err != nil {
			return fmt.Errorf("cannot register the search attributes of %s: %w", name, err)
		}
	}
	return nil
}

func registerNamespace(ctx context.Context, client workflowservice.WorkflowServiceClient, name string) error {
	_, err := client.DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: name})
	if status.Code(err) != codes.NotFound {
		return err
	}
	_, err = client.RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
		Namespace: name, WorkflowExecutionRetentionPeriod: durationpb.New(retention),
	})
	if status.Code(err) == codes.AlreadyExists {
		return nil
	}
	return err
}

func addSearchAttributes(
	ctx context.Context, client operatorservice.OperatorServiceClient, namespace string, wanted map[string]enums.IndexedValueType,
) error {
	if len(wanted) == 0 {
		return nil
	}
	present, err := client.ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: namespace})
	if err != nil {
		return err
	}
	missing := map[string]enums.IndexedValueType{}
	for name, valueType := range wanted {
		switch found, exists := present.GetCustomAttributes()[name]; {
		case !exists:
			missing[name] = valueType
		case found != valueType:
			return &wrongType{name: name, found: found, wanted: valueType}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	_, err = client.AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{Namespace: namespace, SearchAttributes: missing})
	return err
}

type wrongType struct {
	name          string
	found, wanted enums.IndexedValueType
}

func (e *wrongType) Error() string {
	return fmt.Sprintf("%s is registered as %s, not as %s: use another database, or remove the attribute first", e.name, e.found, e.wanted)
}

// untilDone repeats what a server that is still coming up refuses: a namespace that was just
// registered, for one, is not known to every service before their caches are read again (2 s).
func untilDone(ctx context.Context, work func() error) error {
	for {
		err := work()
		var final *wrongType
		if err == nil || errors.As(err, &final) {
			return err
		}
		var invalid *serviceerror.InvalidArgument
		if errors.As(serviceerror.FromStatus(status.Convert(err)), &invalid) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(100 * time.Millisecond):
		}
	}
}
