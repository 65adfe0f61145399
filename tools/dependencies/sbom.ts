/** A bill of materials as `npm sbom` writes it, CycloneDX 1.5. */
export interface Sbom {
  readonly metadata: { readonly component: { readonly name: string } };
  readonly components: readonly SbomComponent[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface SbomComponent {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

/** Where npm marks what our root does not need, once the development dependencies are taken from it. */
const EXTRANEOUS = 'cdx:npm:package:extraneous';

/** The part of it that is installed with the product, under the product's name: npm takes that of the folder. */
export function ofProduct(sbom: Sbom, name: string): Sbom {
  const components = sbom.components.filter(
    ({ properties = [] }) => !properties.some((one) => one.name === EXTRANEOUS),
  );
  const kept = new Set(components.map((component) => component['bom-ref']));
  const { component } = sbom.metadata;
  return {
    ...sbom,
    metadata: { ...sbom.metadata, component: { ...component, name } },
    components,
    dependencies: sbom.dependencies
      .filter(({ ref }) => kept.has(ref) || ref.startsWith(`${name}@`))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) })),
  };
}
