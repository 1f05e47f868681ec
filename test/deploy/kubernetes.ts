/** Whether Kubernetes would take an object, by its own schemas; strictly, so that a mistyped field is told. */
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { PodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';

const models = [
  ...[
    ConfigMap,
    Deployment,
    HorizontalPodAutoscaler,
    Ingress,
    NetworkPolicy,
    PodDisruptionBudget,
    PodMonitor,
  ],
  ...[ScaledObject, Service, ServiceAccount],
];

/** What is wrong with it: nothing, if Kubernetes would take it. */
export function problemsOf(object: {
  readonly apiVersion: string;
  readonly kind: string;
}): readonly string[] {
  const { apiVersion, kind } = object;
  const model = models.find((one) => one.apiVersion === apiVersion && one.kind === kind);
  if (model === undefined) return [`there is no ${apiVersion} ${kind}`];
  const unread = new Set<string>();
  try {
    Reflect.apply(model.prototype.validate, watched(object, '', unread), []);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  return [...unread].map((path) => `there is no field ${path}`);
}

/**
 * The schemas let unknown fields pass, as the server does where nobody asks it to be strict. But a compiled schema reads each field
 * that it knows, so a field that nobody reads is unknown.
 */
function watched(value: unknown, path: string, unread: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => {
    const at = `${path}/${key}`;
    unread.add(at);
    return [key, watched(inner, at, unread)];
  });
  const copy = Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
  return new Proxy(copy, {
    get(target, key, receiver) {
      unread.delete(`${path}/${String(key)}`);
      return Reflect.get(target, key, receiver);
    },
  });
}
