// What the page of an asset says of it, in words; what no system has said is said to be missing.
import type { AssetView } from '../generated/bindings';
import { hasMessage, t } from '../shared/translate';

export type Fact = { label: string; value: string | null; isNumber: boolean };

const CRITICALITY: Record<string, string> = {
  A: 'asset-criticality-a',
  B: 'asset-criticality-b',
  C: 'asset-criticality-c',
};

function status(word: string | null): string | null {
  if (word === null) return null;
  const id = `asset-status-${word}`;
  return hasMessage(id) ? t(id) : word;
}

export function assetFacts(asset: AssetView): Fact[] {
  const plain = (label: string, value: string | null): Fact => ({ label: t(label), value, isNumber: false });
  const number = (label: string, value: string | null): Fact => ({ label: t(label), value, isNumber: true });
  const critical = CRITICALITY[asset.criticality];
  return [
    number('asset-number', asset.tag),
    plain('asset-location', asset.location),
    plain('asset-criticality', critical ? t(critical) : asset.criticality),
    plain('asset-status', status(asset.status)),
    plain('asset-part-of', asset.part_of),
    plain('asset-manufacturer', asset.manufacturer),
    number('asset-model', asset.model),
    number('asset-serial', asset.serial),
  ];
}
