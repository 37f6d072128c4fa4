import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { IgnoreMode } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ImageConfiguration, ServiceConfiguration } from '../../environment/environment.ts';

/** All that an image of this repository is built from; anything else would rebuild it for nothing. */
const BUILD_CONTEXT = ['*', '!package.json', '!package-lock.json', '!target'];

/**
 * The image a task runs. One that is built here is built and pushed by `cdk deploy`, for the architecture of the tasks; only
 * then a container engine is needed, synthesis needs none.
 */
export function imageOf(
  scope: Construct,
  image: ImageConfiguration,
  architecture: ServiceConfiguration['architecture'],
): ContainerImage {
  if ('registry' in image) return ContainerImage.fromRegistry(image.registry);
  if ('ecr' in image) {
    return ContainerImage.fromEcrRepository(Repository.fromRepositoryName(scope, 'Repository', image.ecr), image.tag);
  }
  return ContainerImage.fromAsset(image.build, {
    file: image.dockerfile ?? 'Dockerfile',
    platform: architecture === 'arm64' ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
    exclude: BUILD_CONTEXT,
    ignoreMode: IgnoreMode.DOCKER,
  });
}
